import { useQueryClient } from "@tanstack/react-query";
import { clsx } from "clsx";
import { NavLink, useNavigate } from "react-router";
import { signOut } from "../shared/data/auth";
import { useMessages } from "../shared/i18n/language";
import { useSession } from "../shared/session/use-session";

const LOOK = "flex min-h-11 items-center rounded-full px-4 font-medium hover:bg-sunken";

/** What is one's own; for a guest, the way in. */
export function AccountLinks() {
  const { shell } = useMessages().everywhere;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const who = useSession();
  const leave = async () => {
    await navigate("/");
    await signOut(queries);
  };
  if (who.status === "guest") {
    return <PageLink to="/sign-in" name={shell.signIn} />;
  }
  return (
    <>
      {who.status === "member" && who.isOperator && <PageLink to="/console" name={shell.console} />}
      <PageLink to="/orders" name={shell.orders} />
      <PageLink to="/payments" name={shell.payments} />
      <PageLink to="/account" name={shell.account} />
      <button type="button" className={clsx(LOOK, "text-soft")} onClick={() => void leave()}>
        {shell.signOut}
      </button>
    </>
  );
}

function PageLink({ to, name }: { to: string; name: string }) {
  return (
    <NavLink to={to} className={({ isActive }) => clsx(LOOK, isActive && "bg-sunken")}>
      {name}
    </NavLink>
  );
}
