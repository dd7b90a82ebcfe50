import { clsx } from "clsx";
import { useEffect, useRef } from "react";
import { useLocation } from "react-router";
import { useMessages } from "../i18n/language";

interface Props {
  children: string;
  className?: string;
}

/** A page's heading, which is also the title of its tab. */
export function PageTitle({ children, className }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key, pathname } = useLocation();
  // Of the page that the browser itself has loaded it has told, too.
  const told = useRef(key === "default" ? pathname : null);
  const { brand } = useMessages().everywhere;
  // The tab's title is outside of what React draws.
  useEffect(() => {
    document.title = `${children} · ${brand}`;
  }, [children, brand]);
  // A reader that follows the focus is told of the new page, as when a browser loads one. A filter in the address makes
  // no new page.
  useEffect(() => {
    if (told.current !== pathname) {
      told.current = pathname;
      heading.current?.focus({ preventScroll: true });
    }
  }, [pathname]);
  return (
    <h1 ref={heading} tabIndex={-1} className={clsx("text-3xl sm:text-4xl", className)}>
      {children}
    </h1>
  );
}
