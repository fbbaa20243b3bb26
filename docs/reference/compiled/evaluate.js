// Decides devices by `relatch policy compile POLICY --to json`.
// policy: one of `policies`. device: {"platform": "ios", "os-version": "17.1", "supervised": true};
// a fact that is absent or null is unknown. Returns null for a device that cannot exist.
function decide(policy, device) {
  const less = (a, b) => {
    const at = a.findIndex((part, index) => part !== b[index]);
    return at >= 0 && a[at] < b[at];
  };
  let node = policy.tree;
  while (node.fact) {
    const value = device[node.fact] ?? null;
    const version = node.fact === "os-version" && value !== null
      ? value.split(".").map(Number).concat([0, 0, 0]).slice(0, 4) : null;
    const fits = (branch) =>
      value === null ? branch.unknown
      : version ? branch.versions.some((one) =>
          !less(version, one.from) && (one.before === null || less(version, one.before)))
      : branch.values.includes(value);
    const branch = node.branches.find(fits);
    if (!branch) throw new RangeError(`${value} is no value of ${node.fact}`);
    node = branch.then;
  }
  return node.leaf === null ? null : policy.decisions[node.leaf];
}
