/// <reference types="vitest/config" />
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const esb = process.env.ESB_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: { manifest: true, target: "es2023", assetsInlineLimit: 0 },
  server: {
    proxy: {
      "/api": { target: esb, rewrite: (path) => path.replace(/^\/api/, ""), headers: { "x-forwarded-prefix": "/api" } },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
