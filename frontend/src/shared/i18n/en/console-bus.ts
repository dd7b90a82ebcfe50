/** What the console says of the bus itself. */
export const bus = {
  services: {
    title: "Services",
    lead: "Whom the bus calls: every instance, whether it is ready, and until when its lease runs.",
    empty: "No service is registered",
    emptyHint: "Services register themselves with the bus when they start.",
    columns: {
      name: "Service",
      instance: "Instance",
      health: "Health",
      version: "Version",
      lease: "Lease ends",
      docs: "Documents",
    },
    fixed: "Fixed",
    ready: "Healthy",
    unready: "Unhealthy",
    openapi: "OpenAPI",
  },
};
