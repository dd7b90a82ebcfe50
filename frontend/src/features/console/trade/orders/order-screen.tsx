import { Link, useParams } from "react-router";
import { type Order, orderQuery } from "../../../../shared/data/orders";
import { useFormat, useMessages } from "../../../../shared/i18n/language";
import { OrderBadges } from "../../../../shared/orders/order-status";
import { CopyId } from "../../kit/copy";
import { At } from "../../kit/figures";
import { Facts, Panel } from "../../kit/panel";
import { useLive } from "../../kit/refresh";
import { Found, Screen } from "../../kit/screen";
import { useWords } from "../../kit/words";
import { Back } from "../../parts/back";
import { Raw } from "../../parts/raw";
import { OrderActions } from "./order-actions";
import { OrderPayments } from "./order-payments";

/** One order, and what an operator does with it. */
export function OrderScreen() {
  const { trade } = useWords();
  const { id = "" } = useParams();
  const found = useLive(orderQuery(id));
  return (
    <Screen title={`${trade.order} ${id.slice(-8).toUpperCase()}`}>
      <Back to="/console/orders">{trade.orders}</Back>
      <Found of={found}>{(order) => <Content order={order} />}</Found>
    </Screen>
  );
}

function Content({ order }: { order: Order }) {
  return (
    <>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <Summary order={order} />
          <Items order={order} />
        </div>
        <div className="grid min-w-0 gap-4">
          <OrderPayments order={order} />
          <History order={order} />
        </div>
      </div>
      <Raw value={order} />
    </>
  );
}

function Summary({ order }: { order: Order }) {
  const { trade } = useWords();
  const { country } = useFormat();
  const { shipping_address: to, shipment } = order;
  const address =
    to === undefined || to === null
      ? null
      : [to.name, to.line1, to.line2, `${to.postal_code} ${to.city}`, country(to.country)].filter(Boolean).join(", ");
  return (
    <Panel title={trade.summary} actions={<OrderBadges order={order} />}>
      <Facts
        facts={[
          [trade.id, <CopyId key="i" id={order.id} of={trade.id} />],
          [
            trade.customer,
            <CopyId
              key="c"
              id={order.customer_id}
              of={trade.customer}
              to={`/console/customers/${order.customer_id}`}
            />,
          ],
          [trade.placed, <At key="p" time={order.created_at} />],
          [trade.goesTo, address],
          [trade.carrier, shipment?.carrier],
          [trade.tracking, shipment?.tracking_number],
          [trade.cancelReason, order.cancel_reason],
          [
            trade.saga,
            <Link key="s" to={`/console/sagas?subject=${order.id}`} className="link">
              {trade.toSaga}
            </Link>,
          ],
        ]}
      />
      <OrderActions order={order} />
    </Panel>
  );
}

function Items({ order }: { order: Order }) {
  const { trade } = useWords();
  const { money } = useFormat();
  return (
    <Panel title={trade.items}>
      <ul className="grid divide-y divide-line">
        {order.items.map((item) => (
          <li key={item.product_id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2 first:pt-0">
            <Link to={`/console/catalogue/${item.product_id}`} className="link">
              {item.name}
            </Link>
            <span className="tabular-nums">
              {item.quantity} × {money(item.unit_price)} = <b>{money(item.total)}</b>
            </span>
          </li>
        ))}
      </ul>
      <p className="flex justify-between border-line border-t pt-3 font-semibold text-base">
        <span>{trade.total}</span>
        <span className="tabular-nums">{money(order.total)}</span>
      </p>
    </Panel>
  );
}

function History({ order }: { order: Order }) {
  const { trade } = useWords();
  const { orders } = useMessages();
  return (
    <Panel title={trade.history}>
      <ol className="grid gap-3">
        {order.history.toReversed().map(({ status, at, by, reason }) => (
          <li key={`${status} ${at}`} className="grid gap-0.5 border-line border-l-2 pl-3">
            <span>
              <b>{orders.status[status]}</b> · <At time={at} />
            </span>
            <span className="text-soft [overflow-wrap:anywhere]">{by}</span>
            {reason !== undefined && reason !== null && <span>{reason}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
