"""Takes a file off the wire: to the disk, hashed on the way, and no larger than allowed."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from backstride.web.imports import store


class HashingUploadHandler(TemporaryFileUploadHandler):
    """Like Django's own, and the file knows its SHA-256 when it has arrived."""

    def new_file(self, field_name, file_name, *args, **kwargs):
        with store.room_on_disk(file_name):
            super().new_file(field_name, file_name, *args, **kwargs)
        self.digest = hashlib.sha256()
        self.arrived = 0

    def receive_data_chunk(self, raw_data, start):
        self.arrived += len(raw_data)
        if self.arrived > settings.MAX_UPLOAD_BYTES:
            self.upload_interrupted()
            raise store.too_large(self.file_name)
        self.digest.update(raw_data)
        try:
            with store.room_on_disk(self.file_name):
                super().receive_data_chunk(raw_data, start)
        except store.DiskFull:
            self.upload_interrupted()
            raise

    def file_complete(self, file_size):
        with store.room_on_disk(self.file_name):
            self.file.flush()
        file = super().file_complete(file_size)
        file.sha256 = self.digest.hexdigest()
        return file
