import { account } from "./account";
import { everywhere } from "./everywhere";
import { orders } from "./orders";
import { shop } from "./shop";

export const en = { everywhere, shop, orders, account };
