import { Link, Navigate, useSearchParams } from "react-router";
import { register } from "../../shared/data/auth";
import { useMessages } from "../../shared/i18n/language";
import { useSession } from "../../shared/session/use-session";
import { Button } from "../../shared/ui/button";
import { PasswordField, TextField } from "../../shared/ui/form/field";
import { looksLikeEmail, missing, useForm } from "../../shared/ui/form/use-form";
import { Trouble } from "../../shared/ui/trouble";
import { nextPage } from "./sign-in-page";
import { Welcome } from "./welcome";

const PASSWORD_MIN = 8;

export function RegisterPage() {
  const messages = useMessages();
  const { account, everywhere } = messages;
  const [params] = useSearchParams();
  const form = useForm({
    fields: ["name", "email", "password"],
    check: (values) => ({
      ...(looksLikeEmail(values.email) ? {} : { email: everywhere.fields.email }),
      ...(values.password.length >= PASSWORD_MIN ? {} : { password: everywhere.fields.passwordShort }),
      ...missing(values, ["name", "email", "password"], messages),
    }),
    send: register,
  });
  if (useSession().status === "member") {
    return <Navigate to={nextPage(params)} replace />;
  }
  return (
    <Welcome title={account.register.title} lead={account.register.lead}>
      <form noValidate onSubmit={form.onSubmit} className="grid gap-5">
        <TextField label={account.form.name} name="name" autoComplete="name" error={form.errors.name} />
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
          autoComplete="new-password"
          hint={account.register.passwordHint}
          error={form.errors.password}
        />
        {form.trouble !== null && <Trouble error={form.trouble} />}
        <Button type="submit" disabled={form.isSending}>
          {account.register.submit}
        </Button>
      </form>
      <p className="text-soft">
        {account.register.hasAccount}{" "}
        <Link className="link font-semibold" to={`/sign-in?${params}`}>
          {account.register.signIn}
        </Link>
      </p>
    </Welcome>
  );
}
