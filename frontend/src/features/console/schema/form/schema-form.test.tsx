import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense, useState } from "react";
import { expect, test } from "vitest";
import document from "../../../../../openapi.json";
import { show } from "../../../../testing/show";
import { WordsProvider } from "../../kit/words";
import { readApi } from "../document";
import type { JsonObject } from "../json";
import { SchemaForm } from "./schema-form";
import { meantBy } from "./schema-input";

const api = readApi(document);

function Form({ tell }: { tell: (value: JsonObject) => void }) {
  const [value, setValue] = useState<JsonObject>({ items: [{ product_id: "p", quantity: 1 }], payment: {} });
  const take = (next: JsonObject) => {
    setValue(next);
    tell(next);
  };
  return (
    <Suspense>
      <WordsProvider>
        <SchemaForm api={api} schema={{ $ref: "#/components/schemas/PlaceOrder" }} value={value} onChange={take} />
      </WordsProvider>
    </Suspense>
  );
}

test("a form follows its schema: numbers, choices, parts that may be left out, and items", async () => {
  let now: JsonObject = {};
  const user = userEvent.setup();
  const tell = (value: JsonObject) => {
    now = value;
  };
  // The words come first.
  await act(async () => show(<Form tell={tell} />));
  const quantity = await screen.findByLabelText(/^quantity/);
  await user.clear(quantity);
  await user.type(quantity, "3");
  await user.selectOptions(screen.getByLabelText(/^method/), "card");
  expect(now).toEqual({ items: [{ product_id: "p", quantity: 3 }], payment: { method: "card" } });

  await user.click(screen.getByRole("button", { name: /Add ?expected_total/ }));
  await user.click(screen.getByRole("button", { name: /Add one more ?items/ }));
  expect(now.expected_total).toMatchObject({ currency: "EUR" });
  expect(now.items).toHaveLength(2);
  await user.click(screen.getByRole("button", { name: /Remove ?expected_total/ }));
  await user.click(screen.getByRole("button", { name: "Remove items 1" }));
  expect(now).not.toHaveProperty("expected_total");
  expect(now.items).toMatchObject([{ quantity: 1 }]);
});

test("what does not fit a field stays as it was typed, for the bus to refuse", () => {
  expect(meantBy("integer", "12")).toBe(12);
  expect(meantBy("integer", "twelve")).toBe("twelve");
  expect(meantBy("boolean", "true")).toBe(true);
  expect(meantBy("any", '{"a": 1}')).toEqual({ a: 1 });
  expect(meantBy("string", "12")).toBe("12");
});
