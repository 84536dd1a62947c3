SELECT * FROM DeviceProcessEvents
WHERE (FolderPath LIKE '%\\bitsadmin.exe' ESCAPE '\' OR ProcessVersionInfoOriginalFileName='bitsadmin.exe')
    AND (ProcessCommandLine LIKE '% /transfer %' ESCAPE '\'
        OR ((ProcessCommandLine LIKE '% /create %' ESCAPE '\' OR ProcessCommandLine LIKE '% /addfile %' ESCAPE '\')
            AND ProcessCommandLine LIKE '%http%' ESCAPE '\'))
