import { queryOptions } from "@tanstack/react-query";
import { api, told, versionOf } from "../api/client";
import type { Schemas } from "../api/problem";

export type Customer = Schemas["Customer"];
export type Address = Schemas["Address"];
export type NewAddress = Schemas["NewAddress"];

/** A thing, and which version of it was read. */
interface Versioned<T> {
  value: T;
  version: string | null;
}

interface Asked<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

async function versioned<T>(asked: Promise<Asked<T>>): Promise<Versioned<T>> {
  const value = await told(asked);
  return { value, version: versionOf((await asked).response) };
}

const ifMatch = (version: string | null) => (version === null ? {} : { "If-Match": version });

export function profileQuery(id: string) {
  return queryOptions({
    queryKey: ["customer", id],
    queryFn: ({ signal }) => versioned(api.GET("/customers/{id}", { params: { path: { id } }, signal })),
  });
}

export function changeProfile(
  id: string,
  change: Schemas["CustomerChange"],
  version: string | null,
): Promise<Customer> {
  const params = { path: { id }, header: ifMatch(version) };
  return told(api.PATCH("/customers/{id}", { params, body: change }));
}

export function eraseCustomer(id: string): Promise<unknown> {
  return told(api.DELETE("/customers/{id}", { params: { path: { id } } }));
}

export function addressesQuery(customerId: string) {
  return queryOptions({
    queryKey: ["addresses", customerId],
    queryFn: ({ signal }) =>
      told(
        api.GET("/customers/{id}/addresses", { params: { path: { id: customerId }, query: { limit: 100 } }, signal }),
      ),
  });
}

export function addAddress(customerId: string, address: NewAddress, key: string): Promise<Address> {
  const params = { path: { id: customerId } };
  return told(api.POST("/customers/{id}/addresses", { params, body: address, headers: { "Idempotency-Key": key } }));
}

export function addressQuery(customerId: string, addressId: string) {
  const path = { id: customerId, address_id: addressId };
  return queryOptions({
    queryKey: ["addresses", customerId, addressId],
    queryFn: ({ signal }) => versioned(api.GET("/customers/{id}/addresses/{address_id}", { params: { path }, signal })),
  });
}

interface AddressEdit {
  customerId: string;
  addressId: string;
  version: string | null;
  change: Schemas["AddressChange"];
}

export function changeAddress({ customerId, addressId, version, change }: AddressEdit): Promise<Address> {
  const params = { path: { id: customerId, address_id: addressId }, header: ifMatch(version) };
  return told(api.PATCH("/customers/{id}/addresses/{address_id}", { params, body: change }));
}

export function removeAddress(customerId: string, addressId: string): Promise<unknown> {
  const path = { id: customerId, address_id: addressId };
  return told(api.DELETE("/customers/{id}/addresses/{address_id}", { params: { path } }));
}
