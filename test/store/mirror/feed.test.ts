/** What the mirror is handed of a subscription, whatever the client does with it meanwhile. */
import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { maxMirrorQueue } from "../../../src/limits/kurrentdb.ts";
import type { Position, Subscribed } from "../../../src/store/kurrentdb/client/client.ts";
import { MirrorFeed } from "../../../src/store/mirror/feed.ts";

function at(place: number): Position {
  return { commit: BigInt(place), prepare: BigInt(place) };
}

/** A subscription whose events come by hand. */
class Subscription extends EventEmitter {
  readableLength = 0;
  isPaused = false;
  isEnded = false;
  onCheckpoint: (position: Position) => void = () => undefined;

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  async unsubscribe(): Promise<void> {
    this.isEnded = true;
  }

  event(place: number): void {
    this.emit("data", { event: { position: at(place) } });
  }
}

function feedOf(): { subscription: Subscription; feed: MirrorFeed } {
  const subscription = new Subscription();
  const feed = new MirrorFeed((onCheckpoint) => {
    subscription.onCheckpoint = onCheckpoint;
    return subscription as unknown as Subscribed;
  });
  return { subscription, feed };
}

async function placesOf(feed: MirrorFeed): Promise<number[]> {
  return (await feed.take(maxMirrorQueue)).map(({ position }) => Number(position.commit));
}

describe("a mirror's feed", () => {
  test("yields events and checkpoints in the order in which they arrived", async () => {
    const { subscription, feed } = feedOf();
    subscription.event(1);
    subscription.onCheckpoint(at(5));
    subscription.event(7);
    const taken = await feed.take(10);
    expect(taken.map(({ position, record }) => [position.commit, record !== null])).toEqual([
      [1n, true],
      [5n, false],
      [7n, true],
    ]);
  });

  test("drops a checkpoint that arrived before events which wait in the client", async () => {
    const { subscription, feed } = feedOf();
    subscription.event(1);
    subscription.readableLength = 2;
    subscription.onCheckpoint(at(5));
    subscription.readableLength = 0;
    subscription.event(3);
    subscription.event(4);
    expect(await placesOf(feed)).toEqual([1, 3, 4]);
  });

  test("drops a checkpoint with the largest possible numbers", async () => {
    const { subscription, feed } = feedOf();
    subscription.onCheckpoint({ commit: 2n ** 64n - 1n, prepare: 2n ** 64n - 1n });
    subscription.onCheckpoint({ commit: 2n ** 63n - 1n, prepare: 2n ** 63n - 1n });
    subscription.event(1);
    expect(await placesOf(feed)).toEqual([1]);
  });

  test("pauses the client when enough events wait, and resumes it when half of them are taken", async () => {
    const { subscription, feed } = feedOf();
    for (let place = 1; place < maxMirrorQueue; place++) subscription.event(place);
    expect(subscription.isPaused).toBe(false);
    subscription.event(maxMirrorQueue);
    expect(subscription.isPaused).toBe(true);
    await feed.take(maxMirrorQueue / 2);
    expect(subscription.isPaused).toBe(true);
    await feed.take(1);
    expect(subscription.isPaused).toBe(false);
  });

  test("counts as connected from the server's answer until the subscription breaks", () => {
    const { subscription, feed } = feedOf();
    expect(feed.isConnected).toBe(false);
    subscription.emit("confirmation");
    expect(feed.isConnected).toBe(true);
    subscription.emit("error", new Error("Connection dropped"));
    expect(feed.isConnected).toBe(false);
  });

  test("yields what arrived before the subscription broke, then nothing more, and then the reason", async () => {
    const { subscription, feed } = feedOf();
    subscription.event(1);
    subscription.emit("error", new Error("Consumer too slow"));
    subscription.event(2);
    subscription.onCheckpoint(at(9));
    expect(subscription.isEnded).toBe(true);
    expect(await placesOf(feed)).toEqual([1]);
    await expect(feed.take(1)).rejects.toThrow("Consumer too slow");
  });
});
