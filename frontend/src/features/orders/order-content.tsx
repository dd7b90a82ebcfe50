import { Link } from "react-router";
import type { Order } from "../../shared/data/orders";
import { useFormat, useMessages } from "../../shared/i18n/language";

/** What was bought, and where it goes. */
export function OrderContent({ order }: { order: Order }) {
  const { orders } = useMessages();
  const { money } = useFormat();
  return (
    <section aria-labelledby="items" className="card grid gap-5 p-5 sm:p-7">
      <h2 id="items" className="text-2xl">
        {orders.page.items}
      </h2>
      <ul className="grid divide-y divide-line">
        {order.items.map((item) => (
          <li key={item.product_id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-3 first:pt-0">
            <Link to={`/products/${item.product_id}`} className="font-medium hover:underline">
              {item.name}
            </Link>
            <span className="font-semibold tabular-nums">{money(item.total)}</span>
            <span className="w-full text-sm text-soft">
              {orders.page.articleTimes(item.quantity, money(item.unit_price))}
            </span>
          </li>
        ))}
      </ul>
      <div className="flex items-baseline justify-between border-line border-t pt-4">
        <p className="font-semibold">{orders.page.total}</p>
        <p className="font-display text-2xl tabular-nums">{money(order.total)}</p>
      </div>
      <Delivery order={order} />
    </section>
  );
}

function Delivery({ order: { shipping_address: address, shipment } }: { order: Order }) {
  const { orders } = useMessages();
  const { country } = useFormat();
  const tracking = shipment?.tracking_number;
  return (
    <dl className="grid gap-5 border-line border-t pt-4 sm:grid-cols-2">
      {address !== undefined && address !== null && (
        <div>
          <dt className="text-sm text-soft">{orders.page.address}</dt>
          <dd className="grid">
            <span className="font-medium">{address.name}</span>
            <span>{[address.line1, address.line2].filter(Boolean).join(", ")}</span>
            <span>
              {address.postal_code} {address.city}, {country(address.country)}
            </span>
          </dd>
        </div>
      )}
      {shipment !== undefined && shipment !== null && (
        <div>
          <dt className="text-sm text-soft">{orders.page.shipment}</dt>
          <dd className="grid">
            <span className="font-medium">{shipment.carrier}</span>
            {typeof tracking === "string" && <span>{orders.page.tracking(tracking)}</span>}
          </dd>
        </div>
      )}
    </dl>
  );
}
