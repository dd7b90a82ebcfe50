import { Compass } from "lucide-react";
import { useMessages } from "../i18n/language";
import { ButtonLink } from "./button";
import { PageTitle } from "./page-title";

export function NotFound() {
  const { notFound, actions } = useMessages().everywhere;
  return (
    <div className="page grid justify-items-center gap-4 py-24 text-center">
      <Compass size={48} className="text-clay" aria-hidden />
      <PageTitle>{notFound.title}</PageTitle>
      <p className="max-w-md text-soft">{notFound.text}</p>
      <ButtonLink to="/products">{actions.keepShopping}</ButtonLink>
    </div>
  );
}
