"""Servers that keep everything that the page promises, and answer what it leaves open in their own way."""
