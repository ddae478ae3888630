import { describe, expect, test } from "vitest";
import { at, taken } from "./taken.ts";

const healthConfig = { name: "azh", kind: "azure-resource-health", cluster: "west", node: "{vm}" };

function health(time: string, availabilityState: string, more: object = {}): object {
  return {
    specversion: "1.0",
    id: `${time}${availabilityState}`,
    source: "/subscriptions/s1",
    type: "Microsoft.ResourceNotifications.HealthResources.AvailabilityStatusChanged",
    data: {
      resourceInfo: {
        properties: {
          targetResourceId: "/subscriptions/s1/providers/Microsoft.Compute/virtualMachines/vm-7",
          occurredTime: at(time),
          availabilityState,
          ...more,
        },
      },
    },
  };
}

describe("Resource Health", () => {
  test("tells a fault from unavailable to available, and lost observation from unknown to the next state", async () => {
    const { told } = await taken(healthConfig, [
      health("10:00:00", "Unknown"),
      health("10:05:00", "Unavailable"),
      health("10:20:00", "Available"),
    ]);
    expect(told).toEqual([
      "NodeObservationLost vm-7 10:00:00 azh",
      "NodeObservationRestored vm-7 10:05:00 azh",
      "NodeFailed vm-7 10:05:00 unknown",
      "NodeReturned vm-7 10:20:00",
    ]);
  });

  test("names a machine of a scale set by the set and its number", async () => {
    const targetResourceId =
      "/subscriptions/s1/providers/Microsoft.Compute/virtualMachineScaleSets/aks-x-vmss/virtualMachines/36";
    const { told } = await taken(healthConfig, [
      health("10:00:00", "Unavailable", { targetResourceId }),
    ]);
    expect(told).toEqual(["NodeFailed aks-x-vmss_36 10:00:00 unknown"]);
  });

  test("that is degraded, or an annotation, is ignored", async () => {
    const annotated = {
      ...health("10:00:00", "Available"),
      type: "Microsoft.ResourceNotifications.HealthResources.ResourceAnnotated",
    };
    const { answers } = await taken(healthConfig, [health("10:00:00", "Degraded"), annotated]);
    expect(answers).toMatchObject([
      { observations: 1, ignored: 1 },
      { observations: 1, ignored: 1 },
    ]);
  });
});
