import { useMessages } from "../../shared/i18n/language";
import { useCustomer } from "../../shared/session/use-session";
import { PageTitle } from "../../shared/ui/page-title";
import { Addresses } from "./addresses";
import { EraseAccount } from "./erase-account";
import { Profile } from "./profile";

export function AccountPage() {
  const { account } = useMessages();
  const customer = useCustomer();
  return (
    <div className="page grid max-w-4xl grid-cols-1 gap-8 py-8 sm:py-12">
      <PageTitle>{account.page.title}</PageTitle>
      <Profile customerId={customer.id} />
      <Addresses customerId={customer.id} />
      <EraseAccount customer={customer} />
    </div>
  );
}
