import type { APIRequestContext } from "@playwright/test";
import { expect } from "./shop";

const STUCK_WITHIN_MS = 180_000;

/** What an operator sees of the bus without the console, to bring things about and to know how they ended. */
export class Bus {
  private constructor(
    private readonly request: APIRequestContext,
    private readonly headers: Record<string, string>,
    private readonly me: string,
  ) {}

  static async signIn(request: APIRequestContext): Promise<Bus> {
    const data = { email: process.env.OPERATOR_EMAIL, password: process.env.OPERATOR_PASSWORD };
    const answer = await request.post("/api/auth/login", { data });
    expect(answer.status()).toBe(200);
    const { access_token, customer } = await answer.json();
    return new Bus(request, { Authorization: `Bearer ${access_token}` }, customer.id);
  }

  /** Places an order without waiting for it; its id. */
  async place(product: string, token: string): Promise<string> {
    const headers = { ...this.headers, Prefer: "respond-async", "Idempotency-Key": crypto.randomUUID() };
    const data = {
      customer_id: this.me,
      items: [{ product_id: product, quantity: 1 }],
      payment: { method: "card", token },
    };
    const answer = await this.request.post("/api/orders", { headers, data });
    expect(answer.status(), await answer.text()).toBe(202);
    return (await answer.json()).order_id;
  }

  /** Once the order's saga stands at this step: the saga's id. */
  async sagaAt(order: string, step: string): Promise<string> {
    await expect.poll(async () => (await this.saga(order))?.step, { intervals: [50] }).toBe(step);
    return (await this.saga(order)).id;
  }

  /** Once it is, however long: a saga that is past its last step is stuck only behind its deadline. */
  async sagaIn(order: string, state: string): Promise<void> {
    await expect.poll(async () => (await this.saga(order))?.state, { timeout: STUCK_WITHIN_MS }).toBe(state);
  }

  /** As a producer does it, by the broker itself. */
  async publish(routing_key: string, body: string): Promise<void> {
    const properties = { content_type: "application/json", message_id: crypto.randomUUID(), delivery_mode: 2 };
    const data = { routing_key, payload: body, payload_encoding: "string", properties };
    const { origin, username, password } = new URL(process.env.AMQP_MANAGEMENT_URL ?? "");
    const headers = { Authorization: `Basic ${btoa(`${username}:${decodeURIComponent(password)}`)}` };
    const vhost = new URL(process.env.AMQP_URL ?? "").pathname.slice(1) || "%2F";
    const url = `${origin}/api/exchanges/${vhost}/esb_exchange/publish`;
    const answer = await this.request.post(url, { headers, data });
    expect(await answer.json(), url).toEqual({ routed: true });
  }

  async stockOf(product: string): Promise<number> {
    return (await this.get(`/api/products/${product}`)).stock;
  }

  private async saga(order: string) {
    return (await this.get(`/api/esb/sagas?subject=${order}`)).items[0];
  }

  private async get(path: string) {
    const answer = await this.request.get(path, { headers: this.headers });
    expect(answer.status(), await answer.text()).toBe(200);
    return answer.json();
  }
}
