import { FlaskConical } from "lucide-react";
import { useMessages } from "../../shared/i18n/language";

const PLAIN = ["tok_visa", "tok_mastercard", "tok_declined", "tok_insufficient_funds"] as const;
const DIFFICULT = ["tok_flaky", "tok_timeout", "tok_lost"] as const;
type Token = (typeof PLAIN)[number] | (typeof DIFFICULT)[number];

/** How the sandbox bank is to behave: there is no card number to type, anywhere. */
export function PaymentChoice({ token: chosen = PLAIN[0] }: { token?: string | undefined }) {
  const { checkout } = useMessages().shop;
  return (
    <section aria-labelledby="how" className="card grid gap-5 p-5 sm:p-7">
      <h2 id="how" className="text-2xl">
        {checkout.payment}
      </h2>
      <p className="flex gap-3 rounded-xl bg-warn-soft p-4 text-sm">
        <FlaskConical size={20} className="mt-0.5 shrink-0 text-warn" aria-hidden />
        {checkout.sandbox}
      </p>
      <div role="radiogroup" aria-labelledby="how" className="grid gap-5">
        <div className="grid gap-3 sm:grid-cols-2">
          {PLAIN.map((token) => (
            <Option key={token} token={token} isChosen={token === chosen} />
          ))}
        </div>
        <details open={DIFFICULT.some((token) => token === chosen)}>
          <summary className="min-h-11 cursor-pointer py-2 font-medium">{checkout.moreTokens}</summary>
          <div className="grid gap-3 pt-2 sm:grid-cols-2">
            {DIFFICULT.map((token) => (
              <Option key={token} token={token} isChosen={token === chosen} />
            ))}
          </div>
        </details>
      </div>
    </section>
  );
}

function Option({ token, isChosen }: { token: Token; isChosen: boolean }) {
  const { name, text } = useMessages().shop.checkout.tokens[token];
  return (
    <label className="flex cursor-pointer gap-3 rounded-xl border border-line p-4 hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent">
      <input
        type="radio"
        name="token"
        value={token}
        defaultChecked={isChosen}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span className="grid content-start">
        <span className="font-semibold">{name}</span>
        <span className="text-sm text-soft">{text}</span>
      </span>
    </label>
  );
}
