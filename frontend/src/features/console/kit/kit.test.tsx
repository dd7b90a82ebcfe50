import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, Suspense } from "react";
import { useLocation } from "react-router";
import { beforeAll, expect, test, vi } from "vitest";
import { PageTitle } from "../../../shared/ui/page-title";
import { show } from "../../../testing/show";
import { Guarded } from "../parts/guarded";
import { Confirm } from "./confirm";
import { Ago } from "./figures";
import { Filters } from "./filters";
import { WordsProvider } from "./words";

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
  return <output>{useLocation().search}</output>;
}

async function shown(part: ReactNode) {
  await act(async () => {
    show(
      <Suspense>
        <WordsProvider>{part}</WordsProvider>
      </Suspense>,
    );
  });
}

test("a filter that is taken over keeps the focus, and follows the address", async () => {
  const user = userEvent.setup();
  await shown(
    <>
      <PageTitle>Things</PageTitle>
      <Filters filters={[{ name: "text", label: "Text" }]} />
      <Address />
    </>,
  );
  const field = await screen.findByLabelText("Text");
  await user.type(field, " mug {Enter}");
  expect(screen.getByRole("status")).toHaveTextContent("?text=mug");
  expect(field).toHaveFocus();
  expect(field).toHaveValue("mug");
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(screen.getByLabelText("Text")).toBe(field);
  expect(field).toHaveValue("");
});

test("what has happened is never ahead, even where clocks disagree", async () => {
  const soon = Date.now() + 3_600_000;
  await shown(
    <>
      <Ago time={soon} />
      <p>
        <Ago time={soon} isAhead />
      </p>
    </>,
  );
  const [past, ahead] = [...document.querySelectorAll("time")].map(({ textContent }) => textContent);
  expect(past).toBe("now");
  expect(ahead).toMatch(/^in /);
});

test("what can't be done can be reached, and does nothing", async () => {
  const user = userEvent.setup();
  const done = vi.fn();
  await shown(
    <Guarded permission={{ allowed: false, because: "It is shipped." }} onClick={done}>
      Cancel
    </Guarded>,
  );
  await user.tab();
  const button = screen.getByRole("button", { name: "Cancel", description: "It is shipped." });
  expect(button).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(done).not.toHaveBeenCalled();
});

test("a question stays until what it began has ended", async () => {
  const user = userEvent.setup();
  const closed = vi.fn();
  let end = () => {};
  const work = new Promise<void>((resolve) => {
    end = resolve;
  });
  await shown(<Confirm title="Sure?" effect="1 goes." action="Go" onConfirm={() => work} onClose={closed} />);
  await user.click(screen.getByRole("button", { name: "Go" }));
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(closed).not.toHaveBeenCalled();
  await act(async () => end());
  expect(closed).toHaveBeenCalledOnce();
});
