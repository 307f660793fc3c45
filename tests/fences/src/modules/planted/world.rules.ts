export const ambient = [
  () => process.env,
  () => document.title,
  () => fetch("/"),
  () => setTimeout(() => undefined, 1),
];
