import { Inbox, type LucideIcon, Server } from "lucide-react";
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
    path: "services",
    nav: { group: "watch", label: "services", sign: Server },
    Page: lazy(async () => ({ default: (await import("./bus/services-screen")).ServicesScreen })),
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
];
