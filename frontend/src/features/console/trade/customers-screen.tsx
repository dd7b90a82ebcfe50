import type { Customer } from "../../../shared/data/customer";
import { customersQuery } from "../data/trade";
import { At } from "../kit/figures";
import { Filters, useFilters } from "../kit/filters";
import { Screen } from "../kit/screen";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";
import { Pages } from "../parts/pages";
import { CustomerBadge } from "./customer-badge";

/** Who has an account. */
export function CustomersScreen() {
  const { trade } = useWords();
  const { query = "" } = useFilters("query");
  return (
    <Screen title={trade.customers} lead={trade.customersLead}>
      <Filters filters={[{ name: "query", label: trade.searchCustomers }]} />
      <Pages
        of={customersQuery(query)}
        isFiltered={query !== ""}
        empty={{ title: trade.noCustomers, text: trade.noCustomersHint }}
      >
        {(shown) => <Customers customers={shown} />}
      </Pages>
    </Screen>
  );
}

function Customers({ customers }: { customers: Customer[] }) {
  const { trade } = useWords();
  const columns: Column<Customer>[] = [
    { key: "name", title: trade.name, cell: ({ name }) => (name === "" ? "–" : name), sort: ({ name }) => name },
    {
      key: "email",
      title: trade.email,
      cell: ({ email }) => <span className="[overflow-wrap:anywhere]">{email}</span>,
      sort: ({ email }) => email,
    },
    { key: "status", title: trade.status, cell: (customer) => <CustomerBadge customer={customer} />, isExtra: true },
    {
      key: "since",
      title: trade.since,
      cell: ({ created_at }) => <At time={created_at} />,
      sort: ({ created_at }) => Date.parse(created_at),
      isExtra: true,
    },
  ];
  return (
    <DataTable
      caption={trade.customers}
      rows={customers}
      columns={columns}
      rowKey={({ id }) => id}
      rowLink={({ id }) => `/console/customers/${id}`}
    />
  );
}
