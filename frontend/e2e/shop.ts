import { type APIRequestContext, test as base, expect, type Page } from "@playwright/test";

const PASSWORD = "correct horse battery";

/** What the shop's keeper does behind the counter. */
class Operator {
  private constructor(
    private readonly request: APIRequestContext,
    private readonly headers: Record<string, string>,
  ) {}

  static async signIn(request: APIRequestContext): Promise<Operator> {
    const data = { email: process.env.OPERATOR_EMAIL, password: process.env.OPERATOR_PASSWORD };
    const answer = await request.post("/api/auth/login", { data });
    expect(answer.status()).toBe(200);
    return new Operator(request, { Authorization: `Bearer ${(await answer.json()).access_token}` });
  }

  async product(name: string, { price = 2_500, stock = 10 } = {}): Promise<{ id: string; name: string }> {
    const own = `${name} ${crypto.randomUUID().slice(-6)}`;
    const image_url = "/images/products/kit-mug.svg";
    const money = { amount: price, currency: "EUR" };
    const product = { sku: crypto.randomUUID(), name: own, description: "For a test.", price: money, image_url };
    const { id } = await this.post("/api/products", product);
    if (stock > 0) {
      await this.stock(id, stock);
    }
    return { id, name: own };
  }

  stock(id: string, delta: number) {
    return this.post(`/api/products/${id}/stock`, { delta, reason: "a test" });
  }

  async price(id: string, amount: number): Promise<void> {
    const data = { price: { amount, currency: "EUR" } };
    expect((await this.request.patch(`/api/products/${id}`, { data, headers: this.headers })).status()).toBe(200);
  }

  ship(order: string) {
    return this.post(`/api/orders/${order}/ship`, { carrier: "Parcel Post", tracking_number: "PP-1234" });
  }

  deliver(order: string) {
    return this.post(`/api/orders/${order}/deliver`, {});
  }

  /** The orders of the customer with this address. */
  async ordersOf(email: string): Promise<{ id: string; status: string }[]> {
    const found = await this.get(`/api/customers?query=${encodeURIComponent(email)}`);
    return (await this.get(`/api/orders?customer_id=${found.items[0].id}&limit=100`)).items;
  }

  private async get(path: string) {
    const answer = await this.request.get(path, { headers: this.headers });
    expect(answer.status(), await answer.text()).toBe(200);
    return answer.json();
  }

  private async post(path: string, data: object) {
    const answer = await this.request.post(path, { data, headers: this.headers });
    expect(answer.ok(), await answer.text()).toBe(true);
    return answer.json();
  }
}

/** What a shopper does before the counter. */
export class Shopper {
  readonly email = `${crypto.randomUUID()}@example.org`;

  constructor(readonly page: Page) {}

  async register(): Promise<void> {
    await this.page.goto("/register");
    await this.page.getByLabel("Name").fill("Ada Lovelace");
    await this.page.getByLabel("E-mail").fill(this.email);
    await this.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await this.page.getByRole("button", { name: "Create account" }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: /every day/ })).toBeVisible();
  }

  async signIn(): Promise<void> {
    await this.page.getByLabel("E-mail").fill(this.email);
    await this.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await this.page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  }

  async take({ id }: { id: string }): Promise<void> {
    // The session is renewed at the same time, and this is left soon.
    await this.page.goto(`/products/${id}`, { waitUntil: "networkidle" });
    await this.page.getByRole("button", { name: "Add to cart" }).click();
    await expect(this.page.getByText("1 in your cart")).toBeVisible();
  }

  async fillAddress(): Promise<void> {
    await this.page.getByLabel("Full name").fill("Ada Lovelace");
    await this.page.getByLabel("Street and number").fill("12 St James's Square");
    await this.page.getByLabel("Postal code").fill("SW1Y 4LB");
    await this.page.getByLabel("Town").fill("London");
    await this.page.getByLabel("Country").selectOption({ label: "United Kingdom" });
  }

  /** To the checkout with everything typed and chosen, but not ordered. */
  async prepare(card: string): Promise<void> {
    await this.page.goto("/checkout");
    await this.fillAddress();
    await this.pay(card);
  }

  async pay(card: string): Promise<void> {
    const option = this.page.getByRole("radio", { name: card });
    if (!(await option.isVisible())) {
      await this.page.getByText("Difficult banks").click();
    }
    await option.check();
  }

  get placeOrder() {
    return this.page.getByRole("button", { name: /Place order/ });
  }

  async buy(product: { id: string; name: string }): Promise<string> {
    await this.take(product);
    await this.prepare("Visa test card");
    await this.placeOrder.click();
    return this.seesOrder("Confirmed");
  }

  /** On the order's page, with this status; the order's id. */
  async seesOrder(status: string): Promise<string> {
    await this.page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
    await expect(
      this.page
        .getByRole("region", { name: /^Order / })
        .getByText(status, { exact: true })
        .first(),
    ).toBeVisible();
    return new URL(this.page.url()).pathname.split("/").at(-1) ?? "";
  }
}

export const test = base.extend<{ operator: Operator; shopper: Shopper; quietConsole: undefined }>({
  operator: async ({ request }, use) => use(await Operator.signIn(request)),
  shopper: async ({ page }, use) => use(new Shopper(page)),
  // What breaks the pages' security policy, or throws, is a failure even where nobody sees it.
  quietConsole: [
    async ({ page }, use) => {
      const heard: string[] = [];
      page.on("pageerror", (error) => heard.push(String(error)));
      page.on("console", (message) => {
        if (/Content Security Policy|Trusted Type/i.test(message.text())) {
          heard.push(message.text());
        }
      });
      await use(undefined);
      expect(heard).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
