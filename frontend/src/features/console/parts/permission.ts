/** Whether something may be done now; the system decides, this only says so beforehand. */
export type Permission = { allowed: true } | { allowed: false; because: string };
