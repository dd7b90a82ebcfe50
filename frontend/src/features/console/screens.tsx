import {
  ChartLine,
  CreditCard,
  Inbox,
  type LucideIcon,
  MailX,
  Package,
  Route,
  Server,
  SquareTerminal,
  Tags,
  Users,
  Waypoints,
  Workflow,
} from "lucide-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { ConsoleWords } from "../../shared/i18n/messages";

export type Group = keyof ConsoleWords["frame"]["groups"];

interface Screen {
  /** After `/console/`; empty for its first screen. */
  path: string;
  Page: LazyExoticComponent<ComponentType>;
  /** Where the navigation shows it; what one comes to from another screen is not shown. */
  nav?: { group: Group; label: keyof ConsoleWords["screens"]; sign: LucideIcon };
}

/** All screens of the console, in the order of its navigation. */
export const SCREENS: Screen[] = [
  {
    path: "",
    nav: { group: "watch", label: "overview", sign: Waypoints },
    Page: lazy(async () => ({ default: (await import("./map/overview-screen")).OverviewScreen })),
  },
  {
    path: "charts",
    nav: { group: "watch", label: "charts", sign: ChartLine },
    Page: lazy(async () => ({ default: (await import("./charts/charts-screen")).ChartsScreen })),
  },
  {
    path: "services",
    nav: { group: "watch", label: "services", sign: Server },
    Page: lazy(async () => ({ default: (await import("./bus/services-screen")).ServicesScreen })),
  },
  {
    path: "routes",
    nav: { group: "watch", label: "routes", sign: Route },
    Page: lazy(async () => ({ default: (await import("./bus/routes/routes-screen")).RoutesScreen })),
  },
  {
    path: "routes/:name",
    Page: lazy(async () => ({ default: (await import("./bus/routes/route-screen")).RouteScreen })),
  },
  {
    path: "messages",
    nav: { group: "watch", label: "messages", sign: Inbox },
    Page: lazy(async () => ({ default: (await import("./bus/messages-screen")).MessagesScreen })),
  },
  {
    path: "messages/:id",
    Page: lazy(async () => ({ default: (await import("./bus/message-screen")).MessageScreen })),
  },
  {
    path: "sagas",
    nav: { group: "mend", label: "sagas", sign: Workflow },
    Page: lazy(async () => ({ default: (await import("./mend/sagas/sagas-screen")).SagasScreen })),
  },
  { path: "sagas/:id", Page: lazy(async () => ({ default: (await import("./mend/sagas/saga-screen")).SagaScreen })) },
  {
    path: "dead-letters",
    nav: { group: "mend", label: "letters", sign: MailX },
    Page: lazy(async () => ({ default: (await import("./mend/letters/letters-screen")).LettersScreen })),
  },
  {
    path: "dead-letters/:id",
    Page: lazy(async () => ({ default: (await import("./mend/letters/letter-screen")).LetterScreen })),
  },
  {
    path: "tester",
    nav: { group: "mend", label: "tester", sign: SquareTerminal },
    Page: lazy(async () => ({ default: (await import("./mend/tester/tester-screen")).TesterScreen })),
  },
  {
    path: "catalogue",
    nav: { group: "work", label: "catalogue", sign: Tags },
    Page: lazy(async () => ({ default: (await import("./trade/catalogue-screen")).CatalogueScreen })),
  },
  {
    path: "catalogue/:id",
    Page: lazy(async () => ({ default: (await import("./trade/article-screen")).ArticleScreen })),
  },
  {
    path: "orders",
    nav: { group: "work", label: "orders", sign: Package },
    Page: lazy(async () => ({ default: (await import("./trade/orders/orders-screen")).OrdersScreen })),
  },
  {
    path: "orders/:id",
    Page: lazy(async () => ({ default: (await import("./trade/orders/order-screen")).OrderScreen })),
  },
  {
    path: "payments",
    nav: { group: "work", label: "payments", sign: CreditCard },
    Page: lazy(async () => ({ default: (await import("./trade/payments-screen")).PaymentsScreen })),
  },
  {
    path: "customers",
    nav: { group: "work", label: "customers", sign: Users },
    Page: lazy(async () => ({ default: (await import("./trade/customers-screen")).CustomersScreen })),
  },
  {
    path: "customers/:id",
    Page: lazy(async () => ({ default: (await import("./trade/customer-screen")).CustomerScreen })),
  },
];
