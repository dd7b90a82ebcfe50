import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { session } from "../../shared/session/session";
import { at, server } from "../../testing/server";
import { show } from "../../testing/show";
import { nextPage, SignInPage } from "./sign-in-page";

test("mistakes are shown at their fields, and the first has the focus", async () => {
  show(<SignInPage />);
  await userEvent.type(screen.getByLabelText("Password"), "whatever it is");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  const email = screen.getByLabelText("E-mail");
  expect(email).toHaveFocus();
  expect(email).toBeInvalid();
  expect(email).toHaveAccessibleDescription("This is needed.");
});

test("a refusal keeps what was typed; the session is opened with a cookie", async () => {
  const asked: unknown[] = [];
  const refused = { type: "urn:problem:wrong-credentials", title: "", status: 401, detail: "" };
  server.use(
    http.post(at("/auth/login"), async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(refused, { status: 401 });
    }),
  );
  show(<SignInPage />);
  await userEvent.type(screen.getByLabelText("E-mail"), "ada@example.org");
  await userEvent.type(screen.getByLabelText("Password"), "whatever it is");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The e-mail address or the password is not right.");
  expect(screen.getByLabelText("E-mail")).toHaveValue("ada@example.org");
  expect(asked).toEqual([{ email: "ada@example.org", password: "whatever it is", refresh: "cookie" }]);
  expect(session.current().status).toBe("guest");
});

test("signing in never leads to another site", () => {
  const next = (text: string) => nextPage(new URLSearchParams({ next: text }));
  expect(next("/checkout?a=b")).toBe("/checkout?a=b");
  for (const bad of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
    expect(next(bad)).toBe("/");
  }
});
