import { lazy } from "react";
import { Route, Routes } from "react-router";
import { CataloguePage } from "../features/catalogue/catalogue-page";
import { HomePage } from "../features/catalogue/home-page";
import { ProductPage } from "../features/catalogue/product-page";
import { NotFound } from "../shared/ui/not-found";
import { CrashGuard } from "./crash-guard";
import { MembersOnly } from "./members-only";
import { OperatorsOnly } from "./operators-only";
import { Shell } from "./shell";

const ConsolePage = lazy(async () => ({ default: (await import("../features/console/console-page")).ConsolePage }));
const CartPage = lazy(async () => ({ default: (await import("../features/cart/cart-page")).CartPage }));
const CheckoutPage = lazy(async () => ({ default: (await import("../features/checkout/checkout-page")).CheckoutPage }));
const SignInPage = lazy(async () => ({ default: (await import("../features/account/sign-in-page")).SignInPage }));
const RegisterPage = lazy(async () => ({ default: (await import("../features/account/register-page")).RegisterPage }));
const AccountPage = lazy(async () => ({ default: (await import("../features/account/account-page")).AccountPage }));
const OrdersPage = lazy(async () => ({ default: (await import("../features/orders/orders-page")).OrdersPage }));
const OrderPage = lazy(async () => ({ default: (await import("../features/orders/order-page")).OrderPage }));
const PaymentsPage = lazy(async () => ({ default: (await import("../features/orders/payments-page")).PaymentsPage }));

/** Which address shows what. What one sees first comes at once, the rest when it is asked for. */
export function Pages() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<HomePage />} />
        <Route path="products" element={<CataloguePage />} />
        <Route path="products/:id" element={<ProductPage />} />
        <Route path="cart" element={<CartPage />} />
        <Route path="sign-in" element={<SignInPage />} />
        <Route path="register" element={<RegisterPage />} />
        <Route element={<MembersOnly />}>
          <Route path="checkout" element={<CheckoutPage />} />
          <Route path="orders" element={<OrdersPage />} />
          <Route path="orders/:id" element={<OrderPage />} />
          <Route path="payments" element={<PaymentsPage />} />
          <Route path="account" element={<AccountPage />} />
        </Route>
        <Route path="*" element={<NotFound />} />
      </Route>
      <Route element={<OperatorsOnly />}>
        <Route path="console/*" element={<ConsolePage guard={CrashGuard} />} />
      </Route>
    </Routes>
  );
}
