import { Link, Navigate, useSearchParams } from "react-router";
import { signIn } from "../../shared/data/auth";
import { useMessages } from "../../shared/i18n/language";
import { useSession } from "../../shared/session/use-session";
import { Button } from "../../shared/ui/button";
import { PasswordField, TextField } from "../../shared/ui/form/field";
import { looksLikeEmail, missing, useForm } from "../../shared/ui/form/use-form";
import { Trouble } from "../../shared/ui/trouble";
import { Welcome } from "./welcome";

/** Where to after signing in: never to another site. */
export function nextPage(params: URLSearchParams): string {
  const next = params.get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}

export function SignInPage() {
  const messages = useMessages();
  const { account, everywhere } = messages;
  const [params] = useSearchParams();
  const form = useForm({
    fields: ["email", "password"],
    check: (values) => ({
      ...(looksLikeEmail(values.email) ? {} : { email: everywhere.fields.email }),
      ...missing(values, ["email", "password"], messages),
    }),
    send: ({ email, password }) => signIn(email, password),
  });
  if (useSession().status === "member") {
    return <Navigate to={nextPage(params)} replace />;
  }
  return (
    <Welcome title={account.signIn.title} lead={account.signIn.lead}>
      <form noValidate onSubmit={form.onSubmit} className="grid gap-5">
        <TextField
          label={account.form.email}
          name="email"
          type="email"
          autoComplete="username"
          error={form.errors.email}
        />
        <PasswordField
          label={account.form.password}
          name="password"
          autoComplete="current-password"
          error={form.errors.password}
        />
        {form.trouble !== null && <Trouble error={form.trouble} />}
        <Button type="submit" disabled={form.isSending}>
          {account.signIn.submit}
        </Button>
      </form>
      <p className="text-soft">
        {account.signIn.noAccount}{" "}
        <Link className="link font-semibold" to={`/register?${params}`}>
          {account.signIn.register}
        </Link>
      </p>
    </Welcome>
  );
}
