"""Where the program runs: embedded services, containers, Helm, dashboards."""
