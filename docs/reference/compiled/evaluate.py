"""Decides devices by `relatch policy compile POLICY --to json`."""


def decide(policy, device):
    """policy: one of `policies`. device: {"platform": "ios", "os-version": "17.1", "supervised": True};
    a fact that is absent or None is unknown. Returns None for a device that cannot exist."""
    node = policy["tree"]
    while "fact" in node:
        value = device.get(node["fact"])
        if node["fact"] == "os-version" and value is not None:
            parts = [int(part) for part in value.split(".")]
            version = parts + [0] * (4 - len(parts))
            fits = lambda branch: any(
                one["from"] <= version and (one["before"] is None or version < one["before"])
                for one in branch["versions"])
        else:
            fits = lambda branch: branch["unknown"] if value is None else value in branch["values"]
        branch = next(filter(fits, node["branches"]), None)
        if branch is None:
            raise ValueError(f"{value!r} is no value of {node['fact']}")
        node = branch["then"]
    return None if node["leaf"] is None else policy["decisions"][node["leaf"]]
