"""Running the nook: backup, restore, doctor and the figures for whoever watches the machine."""
