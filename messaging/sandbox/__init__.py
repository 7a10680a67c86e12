"""The sandbox: a provider of texts, e-mails and calls that reaches nobody, run as a process of its own.

It stands for a foreign system: it is spoken to over HTTP only, keeps its own store, and imports neither
Django nor any model of the product. What it says it accepted is the truth that crash tests hold us to.
"""
