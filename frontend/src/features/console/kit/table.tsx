import { clsx } from "clsx";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { useWords } from "./words";

export interface Column<Row> {
  /** Unique in the table; what the address calls it when one sorts by it. */
  key: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** By what one can sort. */
  sort?: (row: Row) => string | number;
  /** Numbers stand at the end of their cell. */
  isNumber?: boolean;
  /** Left out where there is no room. */
  isExtra?: boolean;
}

interface Props<Row> {
  caption: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  /** Where a row leads; its first cell becomes the link. */
  rowLink?: (row: Row) => string | undefined;
  /** What the address calls the order, where there are several tables. */
  sortName?: string;
}

/** A table: sorted by the address, its first column names the row, scrolls within itself where it is too wide. */
export function DataTable<Row>({ caption, rows, columns, rowKey, rowLink, sortName = "sort" }: Props<Row>) {
  const [params] = useSearchParams();
  const sorted = inOrder(rows, columns, params.get(sortName));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section aria-label={caption} tabIndex={0} className="card max-h-[75vh] overflow-auto rounded-2xl!">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} sortName={sortName} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={rowKey(row)} className="relative border-line border-t hover:bg-sunken">
              {columns.map((column, index) => (
                <Cell key={column.key} column={column} row={row} link={index === 0 ? rowLink?.(row) : undefined} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const CELL = "px-3 py-2 first:pl-4 last:pr-4";

function Cell<Row>({ column, row, link }: { column: Column<Row>; row: Row; link: string | undefined }) {
  const content = column.cell(row);
  return (
    <td className={clsx(CELL, look(column), "align-middle")}>
      {link === undefined ? (
        content
      ) : (
        <Link to={link} className="font-semibold text-accent hover:underline">
          {content}
        </Link>
      )}
    </td>
  );
}

function look<Row>({ isNumber = false, isExtra = false }: Column<Row>): string {
  return clsx(isNumber && "whitespace-nowrap text-right tabular-nums", isExtra && "hidden md:table-cell");
}

function Head<Row>({ column, sortName }: { column: Column<Row>; sortName: string }) {
  const [params, setParams] = useSearchParams();
  const order = params.get(sortName);
  const isUp = order === column.key;
  const isDown = order === `-${column.key}`;
  const Sign = isUp ? ArrowUp : isDown ? ArrowDown : ChevronsUpDown;
  const sort = () =>
    setParams(
      (now) => {
        now.set(sortName, isUp ? `-${column.key}` : column.key);
        return now;
      },
      { replace: true },
    );
  return (
    <th
      scope="col"
      aria-sort={isUp ? "ascending" : isDown ? "descending" : undefined}
      className={clsx(
        CELL,
        look(column),
        "sticky top-0 z-10 whitespace-nowrap bg-surface py-2.5 font-medium text-soft text-xs",
      )}
    >
      {column.sort === undefined ? (
        column.title
      ) : (
        <button type="button" className="inline-flex min-h-6 items-center gap-1 hover:text-ink" onClick={sort}>
          {column.title}
          <Sign size={12} aria-hidden />
        </button>
      )}
    </th>
  );
}

/** By `key`, or the other way round by `-key`; as it comes where nothing is said. */
export function inOrder<Row>(rows: Row[], columns: Column<Row>[], order: string | null): Row[] {
  const key = order?.replace(/^-/, "");
  const by = columns.find((column) => column.key === key)?.sort;
  if (by === undefined) {
    return rows;
  }
  const sign = order?.startsWith("-") === true ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(by(a), by(b)));
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}

/** Says that more can be had, and fetches it. */
export function More({ isThere, isComing, onMore }: { isThere: boolean; isComing: boolean; onMore: () => void }) {
  const { kit } = useWords();
  if (!isThere) {
    return null;
  }
  return (
    <button
      type="button"
      disabled={isComing}
      className="min-h-9 justify-self-center rounded-lg border border-edge bg-surface px-4 font-semibold hover:bg-sunken disabled:text-soft"
      onClick={onMore}
    >
      {kit.more}
    </button>
  );
}
