import type { Messages } from "../messages";
import { account } from "./account";
import { everywhere } from "./everywhere";
import { orders } from "./orders";
import { shop } from "./shop";

export const de: Messages = { everywhere, shop, orders, account };
