import { useState } from "react";
import { type Order, type Payment, paymentsOfOrderQuery, transactionsQuery } from "../../../../shared/data/orders";
import { useFormat, useMessages } from "../../../../shared/i18n/language";
import { PaymentBadge } from "../../../../shared/orders/order-status";
import { CopyId } from "../../kit/copy";
import { At } from "../../kit/figures";
import { Facts, Panel } from "../../kit/panel";
import { useLive } from "../../kit/refresh";
import { Found } from "../../kit/screen";
import { useWords } from "../../kit/words";
import { Guarded } from "../../parts/guarded";
import { useOnce } from "../../parts/once";
import { mayRefund } from "../may";
import { RefundDialog } from "./refund-dialog";

/** What was paid for it, every transaction of it, and what can be given back. */
export function OrderPayments({ order }: { order: Order }) {
  const { trade } = useWords();
  const found = useLive(paymentsOfOrderQuery(order.id));
  return (
    <Panel title={trade.payment}>
      <Found of={found}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-soft">{trade.noPayment}</p>
          ) : (
            <div className="grid min-w-0 gap-6">
              {items.map((payment) => (
                <One key={payment.id} payment={payment} />
              ))}
            </div>
          )
        }
      </Found>
    </Panel>
  );
}

function One({ payment }: { payment: Payment }) {
  const { trade } = useWords();
  const { money } = useFormat();
  const [isAsking, ask] = useState(false);
  const once = useOnce();
  return (
    <div className="grid min-w-0 gap-4">
      <Facts
        facts={[
          [trade.status, <PaymentBadge key="b" payment={payment} />],
          [trade.amount, money(payment.amount)],
          [trade.refunded, payment.refunded.amount > 0 ? money(payment.refunded) : null],
          [trade.declined, payment.decline_reason],
          [trade.id, <CopyId key="i" id={payment.id} of={trade.payment} />],
        ]}
      />
      <Transactions payment={payment} />
      <Guarded permission={mayRefund(payment, trade.because)} look="secondary" onClick={() => ask(true)}>
        {trade.refund}
      </Guarded>
      {isAsking && <RefundDialog payment={payment} once={once} onClose={() => ask(false)} />}
    </div>
  );
}

function Transactions({ payment }: { payment: Payment }) {
  const { trade } = useWords();
  const { money } = useFormat();
  const { orders } = useMessages();
  const found = useLive(transactionsQuery(payment.id));
  return (
    <Found of={found}>
      {({ items }) => (
        <ol aria-label={trade.transactions} className="grid gap-3">
          {items.map(({ id, kind, outcome, amount, at, reason, provider_reference: reference }) => (
            <li key={id + outcome} className="grid gap-0.5 border-line border-l-2 pl-3">
              <span className="flex flex-wrap justify-between gap-x-4">
                <span>
                  <b>{orders.payments.kind[kind]}</b>, {orders.payments.outcome[outcome]}
                </span>
                <span className="tabular-nums">{money(amount)}</span>
              </span>
              <span className="text-soft [overflow-wrap:anywhere]">
                <At time={at} />
                {typeof reference === "string" && ` · ${reference}`}
              </span>
              {typeof reason === "string" && <span>{reason}</span>}
            </li>
          ))}
        </ol>
      )}
    </Found>
  );
}
