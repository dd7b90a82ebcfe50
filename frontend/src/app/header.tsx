import { Menu, Search, ShoppingBag, X } from "lucide-react";
import { useState } from "react";
import { Link, NavLink, useLocation, useNavigate, useSearchParams } from "react-router";
import { useCart } from "../shared/data/cart";
import { useMessages } from "../shared/i18n/language";
import { AccountLinks } from "./account-links";

/** Where one is, what one looks for, and what one has taken. */
export function Header() {
  const { pathname } = useLocation();
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-paper">
      <div className="page flex min-h-16 flex-wrap items-center gap-x-3 gap-y-2 py-2 sm:gap-x-5">
        <Brand />
        <SearchForm />
        <div className="ml-auto flex items-center gap-1 sm:gap-2 lg:order-last lg:ml-0">
          <CartLink />
          {/* Another page closes the menu. */}
          <SmallMenu key={pathname} />
        </div>
        <nav aria-label={useMessages().everywhere.shell.account} className="ml-auto hidden items-center gap-1 lg:flex">
          <AccountLinks />
        </nav>
      </div>
    </header>
  );
}

function Brand() {
  const { everywhere } = useMessages();
  return (
    <div className="flex items-center gap-3 sm:gap-6">
      <Link to="/" className="flex min-h-11 items-center gap-2.5 whitespace-nowrap font-display font-semibold text-xl">
        <img src="/favicon.svg" alt="" width={32} height={32} />
        {everywhere.brand}
      </Link>
      <NavLink to="/products" className="hidden min-h-11 items-center font-medium hover:underline sm:flex">
        {everywhere.shell.shop}
      </NavLink>
    </div>
  );
}

function SearchForm() {
  const { shell } = useMessages().everywhere;
  const navigate = useNavigate();
  const query = useSearchParams()[0].get("q") ?? "";
  const search = (data: FormData) => {
    const wanted = String(data.get("q") ?? "").trim();
    void navigate(wanted === "" ? "/products" : `/products?q=${encodeURIComponent(wanted)}`);
  };
  return (
    <search className="order-last w-full sm:order-none sm:w-auto sm:max-w-sm sm:flex-1">
      <form action={search} className="relative">
        <Search size={18} className="pointer-events-none absolute top-3.5 left-4 text-soft" aria-hidden />
        <input
          key={query}
          type="search"
          name="q"
          defaultValue={query}
          aria-label={shell.search}
          placeholder={shell.searchPlaceholder}
          maxLength={100}
          className="control rounded-full! pl-11! placeholder:text-soft"
        />
      </form>
    </search>
  );
}

function CartLink() {
  const { shell } = useMessages().everywhere;
  const count = useCart().reduce((sum, { quantity }) => sum + quantity, 0);
  return (
    <Link
      to="/cart"
      aria-label={shell.cart(count)}
      className="relative grid size-11 place-items-center rounded-full hover:bg-sunken"
    >
      <ShoppingBag size={22} aria-hidden />
      {count > 0 && (
        <span
          aria-hidden
          className="absolute -top-0.5 -right-0.5 grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1 font-bold text-on-accent text-xs"
        >
          {count}
        </span>
      )}
    </Link>
  );
}

/** The same links, where there is no room for them in the row. */
function SmallMenu() {
  const { shell } = useMessages().everywhere;
  const [isOpen, setOpen] = useState(false);
  const Sign = isOpen ? X : Menu;
  return (
    <div className="lg:hidden">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls="menu"
        aria-label={shell.menu}
        className="grid size-11 place-items-center rounded-full hover:bg-sunken"
        onClick={() => setOpen(!isOpen)}
      >
        <Sign size={22} aria-hidden />
      </button>
      <nav
        id="menu"
        hidden={!isOpen}
        aria-label={shell.menu}
        className="absolute inset-x-0 top-full grid animate-rise gap-1 border-line border-b bg-paper p-4 shadow-card [&[hidden]]:hidden"
      >
        <NavLink to="/products" className="flex min-h-11 items-center rounded-full px-4 font-medium hover:bg-sunken">
          {shell.shop}
        </NavLink>
        <AccountLinks />
      </nav>
    </div>
  );
}
