"""The templates, deployed to ministack and read back, and the server there under the role of the templates.

`python -m deployment --emulator URL --server SERVER -- COMMAND…`, called by scripts/deployment.sh. ministack shares no code with this project.
"""
