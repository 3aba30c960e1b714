"""The pages of the small catalogue that every test of all pages asks for."""

ADDRESSES = [
    "/",
    "/?developer=alpha&q=ode",
    "/models/alpha/ode-4.5",
    "/models/gamma/quiet",
    "/developers/alpha",
    "/costs",
    "/compare",
    "/compare?models=alpha/ode-4.5,beta/lyra",
    "/deprecations",
    "/frontier",
    "/benchmarks",
    "/disagreements",
    "/providers",
    "/providers/hostly",
    "/sources",
    "/methodology",
    "/changes",
    "/resolve",
    "/resolve?name=alpha/ode-4.5&name=vectr-1",
    "/docs/api",
]
MODEL = "/models/alpha/ode-4.5"
