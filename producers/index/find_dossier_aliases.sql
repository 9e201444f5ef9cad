select source, unit, dossier from intake.dossier_aliases where alias = %s
