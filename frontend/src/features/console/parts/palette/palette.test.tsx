import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { useLocation } from "react-router";
import { beforeAll, expect, test } from "vitest";
import { words } from "../../../../shared/i18n/en/console";
import { show } from "../../../../testing/show";
import { WordsProvider } from "../../kit/words";
import { choicesFor } from "./choices";
import { Palette } from "./palette";

const ID = "019a0000-0000-7000-8000-0000000000aB";

// jsdom has dialogs that can't be opened.
beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="address">{pathname + search}</output>;
}

async function opened() {
  const user = userEvent.setup();
  await act(async () => {
    show(
      <Suspense>
        <WordsProvider>
          <Palette />
          <Address />
        </WordsProvider>
      </Suspense>,
    );
  });
  await screen.findByRole("button", { name: /Ctrl K/ });
  await user.keyboard("{Control>}k{/Control}");
  return user;
}

test("screens are found by a part of their name, those first that begin with it", () => {
  const found = (text: string) => choicesFor(text, words).map(({ word }) => word);
  expect(found("order")).toEqual(["Orders"]);
  expect(found(" SA")).toEqual(["Sagas", "Messages"]);
  expect(found("")).toHaveLength(Object.keys(words.screens).length);
  expect(found("nowhere")).toEqual([]);
});

test("an id may be that of anything", () => {
  const paths = choicesFor(` ${ID} `, words).map(({ to }) => to);
  const id = ID.toLowerCase();
  expect(paths).toContain(`/console/orders/${id}`);
  expect(paths).toContain(`/console/sagas/${id}`);
  expect(paths).toContain(`/console/sagas?subject=${id}`);
  expect(paths).toContain(`/console/customers/${id}`);
  expect(choicesFor(ID.slice(0, 20), words)).toEqual([]);
});

test("one types where to go, and Enter goes there", async () => {
  const user = await opened();
  expect(screen.getByRole("textbox", { name: "A screen, or an id" })).toHaveFocus();
  await user.keyboard("dead");
  await user.keyboard("{Enter}");
  expect(await screen.findByText("/console/dead-letters")).toBeInTheDocument();
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("arrows lead from the field to the ways and back", async () => {
  const user = await opened();
  await user.keyboard(ID);
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(screen.getByRole("link", { name: /^Saga of this order/ })).toHaveFocus();
  await user.keyboard("{ArrowUp}{ArrowUp}");
  expect(screen.getByRole("textbox")).toHaveFocus();
  await user.keyboard("{ArrowDown}{Enter}");
  expect(await screen.findByText(`/console/orders/${ID.toLowerCase()}`)).toBeInTheDocument();
});

test("where nothing is called that, Enter leads nowhere", async () => {
  const user = await opened();
  await user.keyboard("xyz{Enter}");
  expect(screen.getByText("No screen is called that.")).toBeInTheDocument();
  expect(screen.getByLabelText("address")).toHaveTextContent(/^\/$/);
});
