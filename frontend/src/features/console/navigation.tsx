import { useQueryClient } from "@tanstack/react-query";
import { clsx } from "clsx";
import { LogOut, Menu, Store, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, NavLink, useLocation, useNavigate } from "react-router";
import { signOut } from "../../shared/data/auth";
import { useLanguage } from "../../shared/i18n/language";
import { LANGUAGES, type Language } from "../../shared/i18n/messages";
import { THEMES, type Theme, useTheme } from "../../shared/ui/theme";
import { useWords } from "./kit/words";
import { Palette } from "./parts/palette/palette";
import { type Group, SCREENS } from "./screens";

const GROUPS: Group[] = ["watch", "mend", "work"];
const ROW = "flex min-h-9 items-center gap-2.5 rounded-lg px-3 hover:bg-sunken";

/** The ways through the console: beside the screen where there is room, else behind a button. */
export function Navigation() {
  const { pathname } = useLocation();
  return (
    <header className="sticky top-0 z-20 border-line border-b bg-surface lg:flex lg:h-dvh lg:flex-col lg:overflow-y-auto lg:border-r lg:border-b-0">
      {/* Another screen closes the menu. */}
      <Folding key={pathname}>
        <Ways />
        <Settings />
      </Folding>
    </header>
  );
}

function Folding({ children }: { children: ReactNode }) {
  const { frame } = useWords();
  const [isOpen, setOpen] = useState(false);
  const Sign = isOpen ? X : Menu;
  return (
    <>
      <div className="flex items-center justify-between gap-2 px-4 py-2 lg:flex-wrap lg:px-4 lg:pt-5">
        <Brand />
        <Palette />
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls="console-menu"
          aria-label={frame.menu}
          className="grid size-11 place-items-center rounded-lg hover:bg-sunken lg:hidden"
          onClick={() => setOpen(!isOpen)}
        >
          <Sign size={20} aria-hidden />
        </button>
      </div>
      <div
        id="console-menu"
        className={clsx(
          "max-h-[80dvh] grow flex-col gap-4 overflow-y-auto p-3 lg:flex lg:max-h-none",
          isOpen ? "flex" : "hidden",
        )}
      >
        {children}
      </div>
    </>
  );
}

function Brand() {
  const { frame } = useWords();
  const { messages } = useLanguage();
  return (
    <Link to="/console" className="flex min-h-11 items-center gap-2.5 font-display font-semibold text-lg leading-tight">
      <img src="/favicon.svg" alt="" width={28} height={28} />
      <span className="grid">
        {messages.everywhere.brand}
        <span className="font-normal font-sans text-soft text-xs">{frame.title}</span>
      </span>
    </Link>
  );
}

function Ways() {
  const { frame } = useWords();
  return (
    <nav aria-label={frame.navigation} className="grid gap-4">
      {GROUPS.map((group) => (
        <Section key={group} group={group} />
      ))}
    </nav>
  );
}

function Section({ group }: { group: Group }) {
  const { frame, screens } = useWords();
  const shown = SCREENS.flatMap(({ path, nav }) => (nav?.group === group ? [{ path, ...nav }] : []));
  if (shown.length === 0) {
    return null;
  }
  return (
    <div>
      <p className="px-3 pb-1 font-medium text-soft text-xs">{frame.groups[group]}</p>
      <ul>
        {shown.map(({ path, label, sign: Sign }) => (
          <li key={path}>
            <NavLink
              to={`/console/${path}`}
              end={path === ""}
              className={({ isActive }) => clsx(ROW, isActive && "bg-accent-soft! font-semibold text-accent-strong")}
            >
              <Sign size={17} aria-hidden />
              {screens[label]}
            </NavLink>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Settings() {
  const { frame } = useWords();
  const { messages, language, speak } = useLanguage();
  const { theme, choose } = useTheme();
  const { shell } = messages.everywhere;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await navigate("/");
    await signOut(queries);
  };
  return (
    <div className="mt-auto grid gap-2 border-line border-t pt-3">
      <div className="grid grid-cols-[4.75rem_1fr] gap-2 px-1">
        <select
          aria-label={shell.language}
          className="control min-h-9! rounded-lg! px-1.5! py-1! text-xs"
          value={language}
          onChange={({ target }) => void speak(target.value as Language)}
        >
          {LANGUAGES.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label={shell.theme}
          className="control min-h-9! rounded-lg! px-1.5! py-1! text-xs"
          value={theme}
          onChange={({ target }) => choose(target.value as Theme)}
        >
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {shell.themes[one]}
            </option>
          ))}
        </select>
      </div>
      <div>
        <Link to="/" className={ROW}>
          <Store size={17} aria-hidden /> {frame.toShop}
        </Link>
        <button type="button" className={clsx(ROW, "w-full")} onClick={() => void leave()}>
          <LogOut size={17} aria-hidden /> {shell.signOut}
        </button>
      </div>
    </div>
  );
}
