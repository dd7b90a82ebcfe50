import { Link, useParams } from "react-router";
import type { Customer } from "../../../shared/data/customer";
import { overviewQuery } from "../data/trade";
import { CopyId } from "../kit/copy";
import { At } from "../kit/figures";
import { Facts, Panel } from "../kit/panel";
import { useLive } from "../kit/refresh";
import { Found, Screen } from "../kit/screen";
import { useWords } from "../kit/words";
import { Back } from "../parts/back";
import { Headed } from "../parts/headed";
import { CustomerBadge } from "./customer-badge";
import { OrderTable } from "./orders/orders-screen";
import { PaymentTable } from "./payments-screen";

/** One customer at a glance: who it is, what was ordered, what was paid. */
export function CustomerScreen() {
  const { trade } = useWords();
  const { id = "" } = useParams();
  const found = useLive(overviewQuery(id));
  return (
    <Screen title={found.data?.customer?.name ?? trade.customer}>
      <Back to="/console/customers">{trade.customers}</Back>
      <Found of={found}>
        {({ customer, orders, payments, missing }) => (
          <>
            {missing.length > 0 && (
              <p role="status" className="rounded-xl bg-warn-soft p-3 text-warn">
                {trade.missing(missing.join(", "))}
              </p>
            )}
            {customer !== undefined && customer !== null && <Profile customer={customer} />}
            <Headed
              title={trade.latestOrders}
              actions={
                <Link to={`/console/orders?customer_id=${id}`} className="link">
                  {trade.allOrders}
                </Link>
              }
            >
              {(orders ?? []).length === 0 ? (
                <p className="text-soft">{trade.noOrders}</p>
              ) : (
                <OrderTable orders={orders ?? []} />
              )}
            </Headed>
            <Headed title={trade.latestPayments}>
              {(payments ?? []).length === 0 ? (
                <p className="text-soft">{trade.noPayment}</p>
              ) : (
                <PaymentTable caption={trade.latestPayments} payments={payments ?? []} />
              )}
            </Headed>
          </>
        )}
      </Found>
    </Screen>
  );
}

function Profile({ customer }: { customer: Customer }) {
  const { trade } = useWords();
  return (
    <Panel title={trade.profile} actions={<CustomerBadge customer={customer} />}>
      <Facts
        facts={[
          [trade.name, customer.name],
          [trade.email, customer.email],
          [trade.id, <CopyId key="i" id={customer.id} of={trade.id} />],
          [trade.since, <At key="s" time={customer.created_at} />],
          [trade.changed, <At key="c" time={customer.updated_at} />],
        ]}
      />
    </Panel>
  );
}
