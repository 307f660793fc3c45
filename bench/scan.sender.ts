import { connect, type Socket } from "node:net";
import { randomOf } from "./visits.city.ts";

/**
 * Sends scans one a request over many connections, each waiting for its answer before the next, and says on standard
 * output how long it took: raw sockets and requests made beforehand, so that the cores are the server's.
 * Run by scan.ts: node bench/scan.sender.ts BASE ROWS CONNECTIONS PEOPLE VENUES SEED TOKEN...
 */

const [base = "", ...rest] = process.argv.slice(2);
const [rows = 0, connections = 1, people = 1, venues = 1, seed = 1] = rest.slice(0, 5).map(Number);
const tokens = rest.slice(5);
const { hostname, port } = new URL(base);
const day = Date.parse("2022-07-22T00:00:00.000Z");
const random = randomOf(seed);

/** One connection's requests, one after the other, each with the token of that connection's device. */
function requestsOf(connection: number): Buffer[] {
  const token = tokens[connection % tokens.length] ?? "";
  const head = `POST /api/v1/visits/scan HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: `;
  const own = Math.floor((rows * (connection + 1)) / connections) - Math.floor((rows * connection) / connections);
  return Array.from({ length: own }, () => {
    const at = new Date(day + (3_600 + Math.floor(random() * 39_600)) * 1_000).toISOString();
    const body = `{"venueCode":"V${1 + Math.floor(random() * random() * venues)}","personId":${1 + Math.floor(random() * people)},"at":"${at}"}`;
    return Buffer.from(`${head}${body.length}\r\n\r\n${body}`);
  });
}

const took = new Float64Array(rows);
let answered = 0;
let recorded = 0;
const braceEnd = "}".charCodeAt(0);
const two = "2".charCodeAt(0);
const statusAt = "HTTP/1.1 ".length;
/** The last letter of `recorded`, with which the answer to a new scan ends before its quote and its brace. */
const recordedEnd = "d".charCodeAt(0);

/** Sends one connection's requests; an answer is whole when its JSON closes, since one is under way at a time. */
function drive(socket: Socket, own: readonly Buffer[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0;
    let began = 0;
    let whole = true;
    const send = (): void => {
      const request = own[next++];
      if (!request) {
        socket.end();
        resolve();
        return;
      }
      began = performance.now();
      socket.write(request);
    };
    socket.on("data", (part: Buffer) => {
      if (whole && part[statusAt] !== two) reject(new Error(part.toString()));
      whole = part[part.length - 1] === braceEnd;
      if (!whole) return;
      took[answered++] = performance.now() - began;
      if (part[part.length - 3] === recordedEnd) recorded += 1;
      send();
    });
    socket.on("error", reject);
    send();
  });
}

function opened(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.setNoDelay(true);
    socket.once("error", reject);
  });
}

const requests = Array.from({ length: connections }, (_, i) => requestsOf(i));
const sockets = await Promise.all(Array.from({ length: connections }, opened));
const began = performance.now();
const cpu = process.cpuUsage();
await Promise.all(sockets.map((socket, i) => drive(socket, requests[i] ?? [])));
const ms = performance.now() - began;
const used = process.cpuUsage(cpu);
const sorted = took.subarray(0, answered).toSorted();
const p = (share: number): number => sorted[Math.floor(answered * share)] ?? 0;
process.stdout.write(
  JSON.stringify({ answered, recorded, ms, p50: p(0.5), p99: p(0.99), senderUs: (used.user + used.system) / answered }),
);
