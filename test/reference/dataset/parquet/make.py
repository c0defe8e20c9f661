"""Writes the Parquet tables of this folder with Apache Arrow (pyarrow 25): invented reports only.

    python make.py
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(__file__).parent

reports = pa.table(
    {
        "VolumeName": [f"train_{n}_a_1.nii.gz" for n in range(1, 8)],
        "Findings_EN": [
            "Clear lungs.",
            'A "quoted", comma and\nline end.',
            "结节 5 mm",
            None,
            "Not given.",
            "x" * 3000,
            "Clear lungs.",
        ],
        "Impressions_EN": [None, "", "Nodule.", "Effusion.", "Normal.", "Long.", "Normal."],
    }
)
for compression in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
    pq.write_table(
        reports, folder / f"reports.{compression}.parquet", compression=compression, row_group_size=3
    )

metadata = pa.table(
    {
        "VolumeName": ["train_1_a_1", "train_2_a_1"],
        "PatientAge": pa.array([67, None], pa.int64()),
        "PatientSex": pa.array(["F", "M"]).dictionary_encode(),
        "XYSpacing": pa.array([[0.75, 0.5], [0.7, 0.7]], pa.list_(pa.float64())),
        "ZSpacing": pa.array([1.5, 2.0], pa.float32()),
    }
)
pq.write_table(metadata, folder / "metadata.parquet")

labels = pa.table(
    {
        "VolumeName": ["train_1_a_1", "train_2_a_1"],
        "Lung nodule": pa.array([True, False]),
        "Emphysema": pa.array([0, 1], pa.int8()),
        "Pleural effusion": pa.array([1.0, None], pa.float64()),
    }
)
pq.write_table(labels, folder / "labels.parquet")
