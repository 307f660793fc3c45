import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL("src/web", import.meta.url));
const outDir = fileURLToPath(new URL("dist/web", import.meta.url));

/** The group that matches with the highest priority takes a module, so React must outrank antd, which imports it. */
const groups = [
  { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 60 },
  { name: "echarts", test: /node_modules[\\/](echarts|zrender)[\\/]/, priority: 50 },
  { name: "leaflet", test: /node_modules[\\/]leaflet[\\/]/, priority: 50 },
  { name: "data", test: /node_modules[\\/]@tanstack[\\/]/, priority: 40 },
  { name: "i18n", test: /node_modules[\\/](i18next|react-i18next)[\\/]/, priority: 40 },
];

export default defineConfig({
  root,
  plugins: [react()],
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
  build: {
    outDir,
    emptyOutDir: true,
    target: "chrome100",
    // The charts are 560 kB before compression by nature; the limit catches anything beyond it.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: { codeSplitting: { groups } },
      treeshake: {
        // A page takes a list of names out of a model, not the schemas beside it, which only the server checks by.
        moduleSideEffects: [
          {
            test: /[\\/](?:domain|[\w.-]+\.(?:model|rules))\.ts$|[\\/]node_modules[\\/]typebox[\\/]/,
            sideEffects: false,
          },
        ],
      },
    },
  },
});
