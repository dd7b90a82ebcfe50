import { useQuery, useQueryClient } from "@tanstack/react-query";
import { hasName } from "../../shared/api/problem";
import { type Customer, changeProfile, profileQuery } from "../../shared/data/customer";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { session } from "../../shared/session/session";
import { Button } from "../../shared/ui/button";
import { TextField } from "../../shared/ui/form/field";
import { looksLikeEmail, missing, useForm } from "../../shared/ui/form/use-form";
import { Loading, Skeleton } from "../../shared/ui/states";
import { useToast } from "../../shared/ui/toast";
import { Trouble } from "../../shared/ui/trouble";

export function Profile({ customerId }: { customerId: string }) {
  const { account } = useMessages();
  const found = useQuery(profileQuery(customerId));
  return (
    <section aria-labelledby="profile" className="card grid gap-5 p-5 sm:p-7">
      <h2 id="profile" className="text-2xl">
        {account.page.profile}
      </h2>
      {found.isPending && (
        <Loading>
          <Skeleton className="h-40" />
        </Loading>
      )}
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && (
        <ProfileForm key={found.data.version} customer={found.data.value} version={found.data.version} />
      )}
    </section>
  );
}

function ProfileForm({ customer, version }: { customer: Customer; version: string | null }) {
  const messages = useMessages();
  const { account, everywhere } = messages;
  const { date } = useFormat();
  const queries = useQueryClient();
  const say = useToast();
  const reload = () => queries.invalidateQueries({ queryKey: profileQuery(customer.id).queryKey });
  const form = useForm({
    fields: ["name", "email"],
    check: (values) => ({
      ...(looksLikeEmail(values.email) ? {} : { email: everywhere.fields.email }),
      ...missing(values, ["name", "email"], messages),
    }),
    send: async ({ name, email }) => {
      session.update(await changeProfile(customer.id, { name, email }, version));
      say({ text: account.page.saved });
      await reload();
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit} className="grid gap-5">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={account.form.name}
          name="name"
          autoComplete="name"
          defaultValue={customer.name}
          error={form.errors.name}
        />
        <TextField
          label={account.form.email}
          name="email"
          type="email"
          autoComplete="email"
          defaultValue={customer.email}
          error={form.errors.email}
        />
      </div>
      {form.trouble !== null && (
        <Trouble error={form.trouble} {...(hasName(form.trouble, "stale") ? { onRetry: () => void reload() } : {})} />
      )}
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="text-sm text-soft">{account.page.since(date(customer.created_at))}</p>
        <Button type="submit" disabled={form.isSending}>
          {everywhere.actions.save}
        </Button>
      </div>
    </form>
  );
}
