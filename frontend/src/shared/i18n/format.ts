import type { Schemas } from "../api/problem";
import type { Language } from "./messages";

type Money = Schemas["Money"];

export interface Format {
  money: (money: Money) => string;
  date: (at: string) => string;
  dateTime: (at: string) => string;
  country: (code: string) => string;
}

const made = new Map<Language, Format>();

/** How a language writes money, days and countries. */
export function formatter(language: Language): Format {
  const known = made.get(language) ?? make(language === "de" ? "de-DE" : "en-GB");
  made.set(language, known);
  return known;
}

function make(locale: string): Format {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const countries = new Intl.DisplayNames(locale, { type: "region" });
  return {
    money: (money) => writeMoney(locale, money),
    date: (at) => date.format(new Date(at)),
    dateTime: (at) => dateTime.format(new Date(at)),
    country: (code) => countries.of(code) ?? code,
  };
}

/** Amounts are whole numbers of the smallest unit, whose size depends on the currency. */
function writeMoney(locale: string, { amount, currency }: Money): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** The end of an id, which is what tells two apart for people. */
export function shortId(id: string): string {
  return id.slice(-8).toUpperCase();
}
