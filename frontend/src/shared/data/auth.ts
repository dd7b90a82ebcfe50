import type { QueryClient } from "@tanstack/react-query";
import { api, told } from "../api/client";
import { post, session } from "../session/session";

/** The refresh token comes as a cookie that no script can read. */
const refresh = "cookie" as const;

export async function signIn(email: string, password: string): Promise<void> {
  session.open(await told(api.POST("/auth/login", { body: { email, password, refresh } })));
}

interface Newcomer {
  email: string;
  password: string;
  name: string;
}

export async function register(newcomer: Newcomer): Promise<void> {
  session.open(await told(api.POST("/auth/register", { body: { ...newcomer, refresh } })));
}

/** Here at once, whether or not the system hears of it. */
export async function signOut(queries: QueryClient): Promise<void> {
  session.close();
  queries.clear();
  await post("/api/auth/logout").catch(() => undefined);
}
