"""The control plane under `/_mock`: what a tester may see and turn, never part of the published contract."""
