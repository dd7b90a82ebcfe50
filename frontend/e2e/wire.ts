import { connect, createServer, type Server, type Socket } from "node:net";

/** A connection to the shop that can be cut at the worst moment. */
export class Wire {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private trap: { request: string; sprung: () => void } | null = null;

  private constructor(
    private readonly server: Server,
    private readonly shop: URL,
  ) {
    server.on("connection", (socket) => this.join(socket));
  }

  static async to(shop: string): Promise<Wire> {
    const server = createServer();
    const wire = new Wire(server, new URL(shop));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
  }

  /** Lets such a request through, but cuts the wire when its answer comes; settles when that has happened. */
  loseAnswerTo(request: string): Promise<void> {
    return new Promise((sprung) => {
      this.trap = { request, sprung };
    });
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(browser: Socket): void {
    if (this.isCut) {
      browser.destroy();
      return;
    }
    const shop = connect(Number(this.shop.port), this.shop.hostname);
    let isDoomed = false;
    browser.on("data", (piece) => {
      isDoomed ||= this.trap !== null && piece.toString("latin1").startsWith(this.trap.request);
      shop.write(piece);
    });
    shop.on("data", (piece) => (isDoomed ? this.spring() : browser.write(piece)));
    for (const [one, other] of [
      [browser, shop],
      [shop, browser],
    ] as const) {
      this.sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }

  private spring(): void {
    this.cut();
    this.trap?.sprung();
    this.trap = null;
  }

  private cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }
}
