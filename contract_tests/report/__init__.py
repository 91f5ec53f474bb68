"""A run's report, for people and for machines. Every form is made from the same `verdict.Report`."""
