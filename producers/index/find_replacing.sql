select alias from intake.dossier_aliases where source = %s and unit = %s and dossier = %s
